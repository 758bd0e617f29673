"""An article that is no valid record goes no further."""

from pydantic import ValidationError
from pydantic_core import PydanticSerializationError
from scrapy.exceptions import DropItem

from newsarchive.records.article import Article


class ValidationPipeline:
    """Article in, the same article out; drops one whose JSON would not be read back as the same record."""

    def process_item(self, item: Article) -> Article:
        """Return `item`. Raises DropItem with what is wrong."""
        try:
            again = Article.model_validate_json(item.to_json())
        except (ValidationError, PydanticSerializationError, UnicodeError) as error:
            raise DropItem(f"no valid record: {' '.join(str(error).split())[:200]}", log_level="WARNING") from error
        if again != item:
            raise DropItem("no valid record: JSON does not give it back", log_level="WARNING")
        return item
