using System.Collections.Frozen;
using Newsletter.Addresses;
using Newsletter.Composing;

namespace Newsletter.Returns;

/// <summary>The small letter that asks whether anybody is there: who reads it need do nothing, and how to leave stands in it. Its texts are data, <c>probe-letters.txt</c>.</summary>
public static class ProbeLetter
{
    private const string English = "en";
    private static readonly FrozenDictionary<string, string[]> Texts = EmbeddedText.Letters("Returns.probe-letters.txt").ToFrozenDictionary();

    /// <summary>The note; the caller gives it its sender and Message-ID.</summary>
    /// <param name="publication">Who asks.</param>
    /// <param name="reader">Whom.</param>
    /// <param name="name">The reader's; may be empty.</param>
    /// <param name="language">The reader's (BCP 47); empty: the publication's. Where there is no text in it: English.</param>
    /// <param name="unsubscribeUrl">How to leave.</param>
    /// <param name="date">When it was made due.</param>
    public static Note Write(Publication publication, EmailAddress reader, string name, string language, string unsubscribeUrl, DateTimeOffset date)
    {
        var lines = TextOf(language.Length > 0 ? language : publication.Language).Select(line => line
            .Replace("{publication}", publication.Name, StringComparison.Ordinal)
            .Replace("{name}", name.Length > 0 ? $" {name}" : "", StringComparison.Ordinal)
            .Replace("{leave}", unsubscribeUrl, StringComparison.Ordinal)).ToList();
        return new()
        {
            To = reader, Subject = lines[0], Text = $"{string.Join('\n', lines.Skip(1)).Trim()}\n\n-- \n{publication.Name}\n{publication.PostalAddress}\n", MessageId = "", Date = date,
        };
    }

    private static string[] TextOf(string language) => Texts.GetValueOrDefault(language.Split('-', '_')[0].ToLowerInvariant()) ?? Texts[English];
}
