#include "include/kernels.h"
