#if __has_include(<cblas.h>)
#include <cblas.h>
#else
#error "DeepSwift needs OpenBLAS: run 'sudo apt-get install libopenblas-dev' (Debian, Ubuntu) and build again."
#endif
