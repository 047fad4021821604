// Purpose: send-on-delta, by which an asynchronous vertex decides what is worth a message. Thread rule: a value.
#pragma once

namespace settle {

// What send-on-delta holds a change against: max |now - last sent| beyond the tolerance times this is news.
enum class SendDelta {
  mixed,     // max(1, max |now|)
  absolute,  // 1
  relative,  // max |now|
};

}  // namespace settle
