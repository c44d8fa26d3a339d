"""The one photo of the demo: hills under a sky, drawn here, so that it shows nobody and no place."""

import io
from functools import lru_cache
from typing import Final

from PIL import Image, ImageDraw

SIZE: Final = (480, 320)
SKY, FAR, NEAR, FIELD = "#dfeaf2", "#a8bfae", "#7fa07c", "#d9c58c"
NAME: Final = "示例照片.jpg"


@lru_cache(maxsize=1)
def picture() -> bytes:
    """Draw it, as a JPEG."""
    image = Image.new("RGB", SIZE, SKY)
    draw = ImageDraw.Draw(image)
    draw.polygon([(0, 170), (120, 90), (260, 180), (380, 110), (480, 170), (480, 320), (0, 320)], fill=FAR)
    draw.polygon([(0, 220), (180, 170), (330, 230), (480, 190), (480, 320), (0, 320)], fill=NEAR)
    draw.rectangle((0, 260, 480, 320), fill=FIELD)
    draw.ellipse((370, 30, 410, 70), fill="#f2d98b")
    content = io.BytesIO()
    image.save(content, "JPEG", quality=80)
    return content.getvalue()
