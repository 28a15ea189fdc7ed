#pragma once

namespace lineshaft::runtime {

/// Lives the whole life of an empty worker, in a process that will become one: the pages of code and memory that this
/// takes are then its own before anybody waits for it. Leaves nothing behind; what it lacks it does without.
void rehearse();

}  // namespace lineshaft::runtime
