#pragma once

#include "app/domain/shop_facts.h"

namespace evertill::presenters {

using domain::ShopFacts;

}  // namespace evertill::presenters
