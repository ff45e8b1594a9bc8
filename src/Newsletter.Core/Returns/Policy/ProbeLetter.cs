using Newsletter.Addresses;
using Newsletter.Composing;

namespace Newsletter.Returns;

/// <summary>The small letter that asks whether anybody is there: who reads it need do nothing, and how to leave stands in it.</summary>
public static class ProbeLetter
{
    /// <summary>The note; the caller gives it its sender and Message-ID.</summary>
    /// <param name="publication">Who asks.</param>
    /// <param name="reader">Whom.</param>
    /// <param name="name">The reader's; may be empty.</param>
    /// <param name="language">The reader's (BCP 47); empty: the publication's. Where there is no text in it: English.</param>
    /// <param name="unsubscribeUrl">How to leave.</param>
    /// <param name="date">When it was made due.</param>
    public static Note Write(Publication publication, EmailAddress reader, string name, string language, string unsubscribeUrl, DateTimeOffset date)
    {
        var texts = ReaderTexts.ForMail("Probe", [language.Length > 0 ? language : publication.Language]);
        return new()
        {
            To = reader,
            Subject = texts.Say("Probe.Subject", ("name", publication.Name)),
            Text = $"{texts.Say("Probe.Text", ("name", publication.Name), ("reader", name.Length > 0 ? $" {name}" : ""), ("link", unsubscribeUrl))}\n\n-- \n{publication.Name}\n{publication.PostalAddress}\n",
            MessageId = "",
            Date = date,
        };
    }
}
