import DeepSwiftKernels
import Testing

@Suite(.watchedMemory) struct DispatchTests {
  @Test(arguments: instructionSets) func theNamedTableIsFound(name: String) {
    #expect(String(cString: kernels(name).name) == name)
    #expect(kernels(name).lanes == ["avx512": 16, "avx2": 8, "baseline": 4][name])
  }

  @Test func anUnknownNameIsNotFound() {
    #expect(ds_kernels_named("avx1024") == nil)
  }

  @Test func theSelectedTableIsOneOfThem() {
    let name = String(cString: ds_select_kernels().pointee.name)
    #expect(ds_kernels_named(name) == ds_select_kernels())
  }

  @Test func idleKernelsLeaveEverythingAsItWas() {
    let k = kernels("idle")
    #expect(String(cString: k.name) == "idle")
    let x = Floats([1, 2, 3]), y = Floats([4, 5, 6])
    k.unary(ds_relu, 3, x.p, y.p)
    k.add(3, x.p, x.p, 0, y.p)
    k.dense_forward(1, 1, 3, x.p, x.p, nil, 0, y.p, 0, 1, y.p)
    k.clamp(3, 0, 0, y.p)
    #expect(y.values == [4, 5, 6])
    #expect(k.sum_of_squares(3, x.p) == 0)
  }

  @Test func idleFunctionsStillTellSizes() {
    let idle = kernels("idle"), real = kernels("baseline")
    var c = Convolution(height: 9, width: 9, inputs: 16, outputs: 16, kernel: 3, pad: 1).c
    #expect(idle.dense_workspace(3, 40, 50) == real.dense_workspace(3, 40, 50))
    #expect(idle.dense_forward_parts(40, 50) == real.dense_forward_parts(40, 50))
    #expect(idle.dense_backward_input_parts(40, 50) == real.dense_backward_input_parts(40, 50))
    #expect(idle.dense_backward_kernel_parts(40, 50) == real.dense_backward_kernel_parts(40, 50))
    #expect(idle.conv_workspace(&c) == real.conv_workspace(&c))
    #expect(idle.conv_packed_size(&c, 1) == real.conv_packed_size(&c, 1))
    #expect(idle.conv_pack_parts(&c, 0) == real.conv_pack_parts(&c, 0))
    #expect(idle.conv_sum_size(&c) == real.conv_sum_size(&c))
    #expect(idle.conv_finish_parts(&c) == real.conv_finish_parts(&c))
    #expect(idle.depthwise_workspace(&c) == real.depthwise_workspace(&c))
  }
}
