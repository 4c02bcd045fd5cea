// Tells the thread sanitizer what Swift's Mutex does where threads wait for it. What locks a free Mutex is compiled
// into the code that is checked; where it is taken, a library does it that the sanitizer does not see into, so
// everything that a Mutex guards would look like a data race. `tools/test --sanitize thread` links this file.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdbool.h>
#include <stdint.h>

void __tsan_acquire(const void *address);
void __tsan_release(const void *address);

// As Swift calls a method: the Mutex's handle, which begins with the lock's word, is in a register of its own.
#define METHOD __attribute__((swiftcall))
#define SELF __attribute__((swift_context)) const void *handle

#define LOCK "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define TRY_LOCK "$s15Synchronization12_MutexHandleV12_tryLockSlowSbyF"
#define UNLOCK "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"

METHOD void lock(uint32_t thread, SELF) __asm__(LOCK);
METHOD bool try_lock(SELF) __asm__(TRY_LOCK);
METHOD void unlock(SELF) __asm__(UNLOCK);

// Swift's own, which this file stands in front of.
#define ORIGINAL(name) dlsym(RTLD_NEXT, name)

METHOD void lock(uint32_t thread, SELF) {
  METHOD void (*original)(uint32_t, SELF) = ORIGINAL(LOCK);
  original(thread, handle);
  __tsan_acquire(handle);
}

METHOD bool try_lock(SELF) {
  METHOD bool (*original)(SELF) = ORIGINAL(TRY_LOCK);
  bool is_locked = original(handle);
  if (is_locked) __tsan_acquire(handle);
  return is_locked;
}

METHOD void unlock(SELF) {
  METHOD void (*original)(SELF) = ORIGINAL(UNLOCK);
  __tsan_release(handle);
  original(handle);
}
