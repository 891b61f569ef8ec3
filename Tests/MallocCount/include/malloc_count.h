// How often the calling thread has asked for memory. Other tests run at the same time, so each thread counts for itself.
long malloc_count(void);
