using System.Globalization;
using Newsletter.Addresses;
using Newsletter.Composing;

namespace Newsletter.Subscribers;

/// <summary>The mail to an address for which somebody has asked: one link, no advertising, and nothing that whoever filled in the form wrote, or the form would send their words to strangers.</summary>
public static class ConfirmationLetter
{
    /// <summary>The note.</summary>
    /// <param name="publication">Who asks.</param>
    /// <param name="to">Whom.</param>
    /// <param name="language">In which it was asked for (BCP 47); may be empty.</param>
    /// <param name="askedAt">When.</param>
    /// <param name="link">Where it is confirmed; null: the address is subscribed already.</param>
    /// <param name="within">For how long; whole days, at least one is said.</param>
    public static Note Write(Publication publication, EmailAddress to, string language, DateTimeOffset askedAt, string? link, TimeSpan within)
    {
        var kind = link is null ? "Subscribed" : "Confirmation";
        var texts = ReaderTexts.ForMail(kind, [language, publication.Language]);
        var day = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(askedAt, TimeZoneInfo.FindSystemTimeZoneById(publication.TimeZone)).DateTime);
        (string, string)[] words = [("name", publication.Name), ("date", texts.Date(day)), ("link", link ?? ""), ("days", Math.Max(1, (int)within.TotalDays).ToString(CultureInfo.InvariantCulture))];
        return new()
        {
            To = to,
            Subject = texts.Say($"{kind}.Subject", words),
            Text = $"{texts.Say($"{kind}.Text", words)}\n\n-- \n{publication.Name}\n{publication.PostalAddress}\n",
            MessageId = "",
            Date = askedAt,
        };
    }
}
