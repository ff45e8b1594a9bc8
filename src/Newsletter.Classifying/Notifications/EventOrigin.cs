using System.Text.Json;

namespace Newsletter.Classifying;

/// <summary>Finds which letter an event is about: by the seals that the letter itself bore.</summary>
/// <remarks>An answer of the editor's names the letter that it answers, and goes out by the same provider: read there, its bounce would be that reader's. So what a mail answers, and what servers and people say, is not looked at.</remarks>
internal static class EventOrigin
{
    private const int MaxTexts = 200;
    private const int MaxIds = 20;

    /// <summary>Reads it.</summary>
    /// <param name="form">Whose words.</param>
    /// <param name="told">The event.</param>
    /// <param name="seals">Reads the sender's seals; null where nobody asks.</param>
    public static Origin Read(NotificationForm form, JsonElement told, SealReader? seals)
    {
        var letter = EventLetter.Of(form, told);
        var ids = letter.Ids.Select(id => id.Value.Trim('<', '>', ' ')).Where(id => id.Length is > 2 and <= 320 && id.Contains('@')).Distinct(StringComparer.Ordinal).Take(MaxIds).ToList();
        var own = letter.Ids.Concat(letter.Senders).Take(MaxTexts).ToList();
        var origin = OriginReader.Of(own, ids, seals);
        // A Message-ID that is not ours is another mail's, whatever else of ours that quotes.
        if (origin.Seal is null && ids.Count == 0)
            origin = OriginReader.Of(letter.Given.Take(MaxTexts), ids, seals);
        return origin with { IsAnothers = origin.Seal is null && own.Exists(each => each.Value.Contains('@')), Author = letter.Author, SentTo = letter.SentTo };
    }
}
