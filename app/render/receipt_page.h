#pragma once

#include <filesystem>
#include <string>

#include "app/base/expected.h"
#include "app/domain/receipt.h"
#include "app/render/bitmap.h"

namespace evertill::render {

/// A receipt as it would lie on the counter, for e-receipts and for looking at: what a printer of 203 dots an inch
/// draws (RenderReceipt), with the white margins of 80 mm or 58 mm paper. Thread-safe. Errors: those of RenderReceipt,
/// render_bad_width for other paper.
[[nodiscard]] base::Expected<std::string> ReceiptPng(const domain::ReceiptDocument& document, int paper_mm);
/// One page as long as the receipt. The same receipt gives the same bytes.
[[nodiscard]] base::Expected<std::string> ReceiptPdf(const domain::ReceiptDocument& document, int paper_mm);

/// A PNG of any kind as black dots on white, at most `max_width` wide (shrunk), greys as dots of both; for a shop's
/// logo. Errors: render_image_unreadable.
[[nodiscard]] base::Expected<domain::PictureElement> ReadPicture(const std::filesystem::path& png, int max_width);

}  // namespace evertill::render
