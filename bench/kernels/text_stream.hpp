// Records of text: three fields of 20 to 120 characters, cut out of a page of random
// letters, so that drawing one costs little more than copying it.
#pragma once

#include "operators/random.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace weir::bench {

template <class Text>
struct text_record {
  Text user; // the key
  Text page;
  Text agent;
};

class text_page {
public:
  text_page() {
    random_stream random(1, 0);
    for (auto& letter : letters_)
      letter = static_cast<char>('a' + random.below(26));
  }

  /// 20 to 120 characters by chance.
  std::string_view cut(random_stream& random) const {
    const std::uint64_t bits = random.next();
    const auto length = static_cast<std::size_t>(20 + (bits >> 32) % 101);
    return {letters_.data() + bits % (letters_.size() - 120), length};
  }

  /// Record `index` of the stream, with one of `keys` users.
  text_record<std::string_view> draw(std::uint64_t seed, std::uint64_t index,
                                     std::uint64_t keys) const {
    random_stream random(seed, index);
    random_stream of_user(~seed, random.below(keys));
    return {cut(of_user), cut(random), cut(random)};
  }

private:
  std::array<char, 1 << 16> letters_;
};

/// What a consumer adds to the checksum for a record: it looks at both ends of each
/// field.
template <class Text>
std::uint64_t text_weight(const text_record<Text>& r) {
  std::uint64_t sum = 0;
  for (const Text* field : {&r.user, &r.page, &r.agent}) {
    const std::string_view text = *field;
    sum = sum * 31 + text.size() * 65'536 +
          static_cast<unsigned char>(text.front()) * 256 +
          static_cast<unsigned char>(text.back());
  }
  return sum;
}

} // namespace weir::bench
