#include "CProcess.h"

#include <malloc.h>

void memory_return_blocks(int least)
{
#ifdef M_MMAP_THRESHOLD
  mallopt(M_MMAP_THRESHOLD, least);
#else
  (void)least;
#endif
}
