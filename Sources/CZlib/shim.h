#if __has_include(<zlib.h>)
#include <zlib.h>
#else
#error "DeepSwift needs zlib: run 'sudo apt-get install libz-dev' (Debian, Ubuntu) and build again."
#endif

// The two starting functions of zlib are macros, which Swift cannot see.
static inline int ds_inflate_init(z_stream *stream, int window_bits) { return inflateInit2(stream, window_bits); }
static inline int ds_deflate_init(z_stream *stream, int level, int window_bits) {
  return deflateInit2(stream, level, Z_DEFLATED, window_bits, 8, Z_DEFAULT_STRATEGY);
}
