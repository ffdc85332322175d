#pragma once

#include "devices/label/label.h"

namespace evertill::devices::label {

inline ShelfLabel ThaiLabel() {
  return {"th",
          "น้ำปลาแท้ตราทิพรส สูตรดั้งเดิม 700 มล.",
          "Tiparos fish sauce 700 ml",
          "฿45.00",
          "ต่อขวด",
          "฿6.43 / 100 มล.",
          "฿52.00",
          "8850581111112",
          "A-1042",
          "22/11/2026"};
}

inline ShelfLabel VietnameseLabel() {
  return {"vi",       "Nước mắm Phú Quốc độ đạm 40 thượng hạng",
          "",         "89.000 ₫",
          "mỗi chai", "17.800 ₫ / 100 ml",
          "",         "8934567890120",
          "NM-40",    "22/11/2026"};
}

inline CardLabel MemberLabel() {
  return {"th", "ร้านมุมถนน", "ณัฐกานต์ ศรีสุวรรณ", "6000 1234 5678 9012", "Gold", "EV1:6000123456789012:ABCDEF"};
}

}  // namespace evertill::devices::label
