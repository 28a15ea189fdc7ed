#include "output/admission.hpp"

namespace lineshaft::output {

admission admit(const backlog& now, output_overflow policy) {
  if (now.own < most_for_one && now.total < most_for_all) return admission::take;
  return policy == output_overflow::block ? admission::wait : admission::drop;
}

admission admit_last_words(const backlog& now) {
  const bool room = now.own < most_of_the_dead && now.total < 2 * most_for_all;
  return room ? admission::take : admission::drop;
}

bool has_room_again(const backlog& now) { return now.own <= most_for_one / 2 && now.total <= most_for_all / 2; }

}  // namespace lineshaft::output
