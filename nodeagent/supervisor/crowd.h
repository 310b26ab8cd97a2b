// How many engines of this host are asked often at the moment: the more, the less often each (decide/probe_pace.h).
#pragma once

#include <utility>

namespace cacheplane::agent {

class Crowd {
 public:
  // The place of one engine, which leaves when it is gone.
  class Place {
   public:
    explicit Place(Crowd& crowd) : crowd_(crowd) {}
    ~Place() { Take(false); }
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;

    void Take(bool taken) { crowd_.size_ += static_cast<int>(taken) - static_cast<int>(std::exchange(taken_, taken)); }

   private:
    Crowd& crowd_;
    bool taken_ = false;
  };

  int size() const { return size_; }

 private:
  int size_ = 0;
};

}  // namespace cacheplane::agent
