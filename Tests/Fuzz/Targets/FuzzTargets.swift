/// All formats, in the order in which `Scripts/fuzz` takes them.
package let fuzzTargets: [any FuzzTarget.Type] = [
  HDF5Fuzz.self, KerasFuzz.self, KerasConfigurationFuzz.self, SafeTensorsFuzz.self, ZipFuzz.self, NPZFuzz.self, NPYFuzz.self,
  InflateFuzz.self, TarFuzz.self, IDXFuzz.self, PNGFuzz.self, BMPFuzz.self, NetPBMFuzz.self, JPEGFuzz.self, FastInflateFuzz.self,
]
