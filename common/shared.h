// A value whose copies share it until one of them changes: copying costs a pointer, however large it is.
#pragma once

#include <memory>
#include <utility>

namespace cacheplane {

template <typename T>
class Shared {
 public:
  Shared() = default;
  explicit Shared(T value) : value_(std::make_shared<T>(std::move(value))) {}

  const T& operator*() const { return *value_; }
  const T* operator->() const { return value_.get(); }

  // To be changed; a copy, if others have it. Only while no other thread makes or destroys a copy of this one: whose
  // copies are read by others assigns a new value instead.
  T& Own() {
    if (value_.use_count() > 1) value_ = std::make_shared<T>(*value_);
    return *value_;
  }

  bool operator==(const Shared& other) const { return value_ == other.value_ || *value_ == *other.value_; }

 private:
  std::shared_ptr<T> value_ = std::make_shared<T>();
};

}  // namespace cacheplane
