#include "actors/caf/mailbox.hpp"

#include <doctest/doctest.h>

#include <array>
#include <semaphore>
#include <thread>
#include <vector>

using namespace settle;

namespace {

struct Parcel {
  int sender = 0;
  int number = 0;
  Parcel* next = nullptr;
};
using Posted = Mailbox<Parcel>::Posted;

}  // namespace

TEST_CASE("a mailbox hands out what was posted in order, and the first parcel of a rest wakes its owner, once") {
  Mailbox<Parcel> mailbox;
  std::array<Parcel, 4> parcels;
  CHECK(mailbox.post(&parcels[0]) == Posted::wakes);
  CHECK(mailbox.post(&parcels[1]) == Posted::waits);
  CHECK_FALSE(mailbox.rest());
  const Parcel* first = mailbox.take();
  CHECK(first == &parcels[0]);
  CHECK(first->next == &parcels[1]);
  CHECK(first->next->next == nullptr);
  CHECK(mailbox.take() == nullptr);
  CHECK(mailbox.post(&parcels[2]) == Posted::waits);  // the owner is awake until it rests
  CHECK(mailbox.take() == &parcels[2]);
  CHECK(mailbox.rest());
  CHECK(mailbox.post(&parcels[3]) == Posted::wakes);
}

TEST_CASE("a closed mailbox gives back what waited and lets nothing in") {
  Mailbox<Parcel> mailbox;
  std::array<Parcel, 2> parcels;
  mailbox.post(&parcels[0]);
  CHECK(mailbox.close() == &parcels[0]);
  CHECK(mailbox.post(&parcels[1]) == Posted::closed);
  CHECK(mailbox.close() == nullptr);
  Mailbox<Parcel> resting;
  CHECK(resting.close() == nullptr);
}

TEST_CASE("four threads post to an owner that rests whenever it can: nothing is lost, reordered or left asleep") {
  constexpr int kSenders = 4;
  constexpr int kEach = 50'000;
  Mailbox<Parcel> mailbox;
  std::counting_semaphore<> turns(0);
  std::vector<std::vector<Parcel>> parcels(kSenders, std::vector<Parcel>(kEach));
  std::vector<std::jthread> senders;
  for (int sender = 0; sender < kSenders; ++sender)
    senders.emplace_back([&, sender] {
      for (int number = 0; number < kEach; ++number) {
        Parcel& parcel = parcels[static_cast<std::size_t>(sender)][static_cast<std::size_t>(number)];
        parcel = {sender, number, nullptr};
        if (mailbox.post(&parcel) == Posted::wakes) turns.release();
      }
    });
  std::array<int, kSenders> expected{};
  int taken = 0;
  bool ordered = true;
  while (taken < kSenders * kEach) {
    turns.acquire();
    do {
      for (const Parcel* parcel = mailbox.take(); parcel; parcel = parcel->next, ++taken)
        ordered = ordered && parcel->number == expected[static_cast<std::size_t>(parcel->sender)]++;
    } while (!mailbox.rest());
  }
  CHECK(ordered);
  CHECK(mailbox.rest() == false);    // it rests already
  CHECK_FALSE(turns.try_acquire());  // and was woken for every rest that ended, no more
}
