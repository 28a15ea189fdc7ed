#pragma once
// Whether this is a build with AddressSanitizer or ThreadSanitizer, whose memory and descriptors are not the product's.

namespace support {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool sanitized = true;
#else
inline constexpr bool sanitized = false;
#endif

}  // namespace support
