// Compares a type that was written with the one that is declared: the steps from one to
// the other (type_conversion.hpp), or what stands in the way.
#pragma once

#include "serialization/type_conversion.hpp"

namespace weir::detail {

using conversion_steps = std::vector<conversion_step>;

class conversion_planner {
public:
  /// Appends the steps for a value; stops at the first obstacle.
  void plan(const record_schema& written, const record_schema& declared,
            conversion_steps& steps);

  /// Empty: there is none.
  const std::string& obstacle() const noexcept { return obstacle_; }

private:
  void plan_number(const record_schema& written, const record_schema& declared,
                   conversion_steps& steps);
  void plan_map(const record_schema& written, const record_schema& declared,
                conversion_step& each);
  void plan_variant(const record_schema& written, const record_schema& declared,
                    conversion_step& each);
  void plan_structure(const record_schema& written, const record_schema& declared,
                      conversion_steps& steps);
  void plan_by_name(const record_schema& written, const record_schema& declared,
                    conversion_steps& steps);
  void plan_by_position(const record_schema& written, const record_schema& declared,
                        conversion_steps& steps);
  /// What is in `place` of the type; false if there is an obstacle.
  bool plan_part(std::string place, const record_schema& written,
                 const record_schema& declared, conversion_steps& steps);

  void refuse(const std::string& why);
  void refuse_types(const record_schema& written, const record_schema& declared);

  std::vector<std::string> place_; // from the outside to the inside
  std::string obstacle_;
};

/// Whether they do nothing but copy.
bool only_copies(const conversion_steps& steps);

} // namespace weir::detail
