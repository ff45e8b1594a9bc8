using System.Globalization;

namespace Newsletter.Returns;

/// <summary>The words to a reader who left by mail: that it is done, and how to take it back.</summary>
/// <param name="Subject">One line.</param>
/// <param name="Text">Lines ended by LF.</param>
public sealed record Farewell(string Subject, string Text)
{
    /// <summary>The words in the first language that has some, else in English.</summary>
    /// <param name="languages">Tags such as <c>de-AT</c>, the reader's own first; empty ones are passed over.</param>
    /// <param name="name">The publication's.</param>
    /// <param name="link">Where it is taken back.</param>
    /// <param name="within">For how long; whole days, at least one is said.</param>
    public static Farewell In(IEnumerable<string> languages, string name, string link, TimeSpan within)
    {
        var texts = ReaderTexts.ForMail("Farewell", languages);
        var days = Math.Max(1, (int)within.TotalDays).ToString(CultureInfo.InvariantCulture);
        return new(texts.Say("Farewell.Subject", ("name", name)), texts.Say("Farewell.Text", ("name", name), ("link", link), ("days", days)));
    }
}
