"""Words that outlets put before or behind a headline and that say nothing of the news: data for `headlines`.

Left out on purpose, because without them other news would read the same: topics and places (*Soccer-*, *Chile:*), who
says so (*Putin:*, *report:*, *– Kremlin*), and whatever turns a headline round (*Fact check:*, *Retracted:*).
"""

from monitor.text.tokens import terms


def _folded(*lists: str) -> frozenset[str]:
    """The labels of comma-separated lists, each as its folded terms with one space between."""
    return frozenset(" ".join(terms(label)) for line in lists for label in line.split(","))


WIRE = _folded(
    "exclusive, factbox, explainer, analysis, insight, focus, update, wrapup, wrap-up, refile, corrected, correction",
    "breakingviews, column, commentary, timeline, interview, feature, urgent, flash, alert, snapshot, graphic",
)
"""those that agencies also write close before the headline: `Exclusive-Minister resigns`, `UPDATE 2-…`"""

BEFORE = WIRE | _folded(
    "breaking, breaking news, just in, developing, news alert, new, updated, live, live updates, live update",
    "live blog, liveblog, live coverage, live news, watch, watch live, watch the video, video, videos, audio, listen",
    "photo, photos, in photos, in pictures, pictures, gallery, photo gallery, photo essay, photo report, podcast",
    "opinion, op-ed, oped, editorial, comment, commentary, viewpoint, perspective, view, news analysis, explained",
    "in depth, in-depth, long read, longread, special report, investigation, profile, roundup, q&a, the latest, latest",
    "1st ld, 2nd ld, 3rd ld, 1st ld writethru, 2nd ld writethru, 3rd ld writethru, writethru, as it happened, replay",
    "срочно, молния, эксклюзив, онлайн, прямая трансляция, трансляция, прямой эфир, обновлено, обновляется, дополнено",
    "видео, фото, фото и видео, мнение, колонка, интервью, аналитика, анализ, репортаж, подкаст, главное, хроника",
    "терміново, блискавка, ексклюзив, наживо, трансляція, пряма трансляція, оновлено, оновлюється, доповнено",
    "відео, фото та відео, думка, інтерв'ю, аналітика, аналіз, подкаст, головне, хроніка",
    "eilmeldung, exklusiv, liveticker, live-ticker, newsblog, newsticker, kommentar, analyse, meinung, bilder",
    "exclusif, alerte info, en direct, direct, vidéo, vidéos, tribune, édito, éditorial, analyse, reportage, entretien",
    "última hora, en vivo, en directo, exclusiva, vídeo, vídeos, opinión, análisis, reportaje, entrevista, ao vivo",
)
"""with a colon, a bar, a spaced dash or the like behind them: `Live: …`, `Opinion | …`, `Срочно! …`"""

BEHIND = _folded(
    "live, live updates, latest updates, updates, the latest, latest, as it happened, exclusive, explained, explainer",
    "analysis, opinion, editorial, podcast, in pictures, in photos, video, videos, photo, photos, watch, liveblog",
    "видео, фото, фото и видео, видео и фото, онлайн, обновлено, обновляется, эксклюзив, мнение, интервью, подкаст",
    "відео, фото та відео, відео та фото, наживо, оновлено, оновлюється, ексклюзив, думка, інтерв'ю",
    "liveticker, live-ticker, newsblog, kommentar, meinung, en direct, vidéo, en vivo, en directo, ao vivo",
)
"""`… – live`, `… | Video`, `… Фото`"""

TAGS = _folded(
    "photo, photos, video, videos, audio, gallery, graphic, map, maps, update, updated, live, exclusive, opinion",
    "podcast, фото, видео, аудио, обновлено, дополнено, обновляется, эксклюзив, онлайн, инфографика, карта",
    "відео, аудіо, оновлено, доповнено, оновлюється, ексклюзив, наживо, інфографіка, мапа",
    "and, и, та, і, й, und, bilder, vidéo, vidéos, vídeo, fotos, foto, fotostrecke, exklusiv",
)
"""words of which, alone or together, brackets at either end may be made: `[VIDEO] …`, `… (фото, відео)`"""

AFTER_NAME = _folded("news, online, com, live, english, in english, world, world news, tv, radio, video, sport")
"""what an outlet adds to its own name: `… - BBC News`"""
