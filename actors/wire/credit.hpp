// Purpose: holds a sender to what its receiver can take. The receiver opens a window of bytes; a sender may have that
// many under way, and learns by credit how many the receiver has been done with.
//   begin a message of n bytes  where  under way + n <= window,  or  under way <= window / 4
// The second so that a message larger than the window passes; credit is given before a quarter is kept back, so that it
// always comes true again. No more than window + one message is ever under way. Thread rule: one owner each.
#pragma once

#include <cstdint>

#include "graph/error.hpp"

namespace settle {

inline bool within_window(std::uint64_t window, std::uint64_t under_way, std::uint64_t bytes) noexcept {
  return under_way <= window / 4 || (under_way < window && bytes <= window - under_way);
}

class SendCredit {
 public:
  void open(std::uint64_t window) noexcept { window_ = window; }
  bool allows(std::uint64_t bytes) const noexcept { return within_window(window_, sent_ - done_, bytes); }
  void sent(std::uint64_t bytes) noexcept { sent_ += bytes; }
  // `done`: the receiver's count. Errors: BadData where it is none that can be.
  void done(std::uint64_t done) {
    if (done < done_ || done > sent_) throw BadData("credit was given for what was not sent");
    done_ = done;
  }
  std::uint64_t left() const noexcept { return window_ - std::min(window_, sent_ - done_); }

 private:
  std::uint64_t window_ = 0;
  std::uint64_t sent_ = 0;
  std::uint64_t done_ = 0;
};

class ReceiveCredit {
 public:
  explicit ReceiveCredit(std::uint64_t window) noexcept : window_(window) {}
  // A message begins. Errors: BadData where it may not.
  void received(std::uint64_t bytes) {
    if (!within_window(window_, received_ - announced_, bytes))
      throw BadData("more was sent than there was credit for");
    received_ += bytes;
  }
  // Requires: no more than was received.
  void done(std::uint64_t bytes) noexcept { done_ += bytes; }
  bool due() const noexcept { return done_ - announced_ >= window_ / 8 && done_ > announced_; }
  // The count to be sent.
  std::uint64_t announce() noexcept { return announced_ = done_; }

 private:
  std::uint64_t window_;
  std::uint64_t received_ = 0;
  std::uint64_t done_ = 0;
  std::uint64_t announced_ = 0;
};

}  // namespace settle
