using Newsletter.Addresses;
using Newsletter.Returns;

namespace Newsletter.Tests.Core.Returns.Policy;

public sealed class ProbeLetterTests
{
    private static readonly EmailAddress Ida = EmailAddress.Read("ida@harbour.example")!;

    [TestCase("", "", "Does Field Notes still reach you?")]
    [TestCase("de-AT", "", "Kommt Field Notes noch bei Ihnen an?")]
    [TestCase("", "fr", "Recevez-vous encore Field Notes ?")]
    [TestCase("tlh", "fr", "Does Field Notes still reach you?")]
    public void It_is_in_the_readers_language_or_the_publications_and_else_in_English(string reader, string publication, string subject) =>
        Assert.That(ProbeLetter.Write(Publication(publication), Ida, "Ida", reader, "https://news.example.org/u/x", DateTimeOffset.UnixEpoch).Subject, Is.EqualTo(subject));

    [TestCase("en")]
    [TestCase("de")]
    [TestCase("fr")]
    [TestCase("es")]
    [TestCase("it")]
    [TestCase("nl")]
    [TestCase("pt")]
    [TestCase("pl")]
    [TestCase("sv")]
    public void Every_text_names_the_newsletter_the_reader_and_how_to_leave(string language)
    {
        var note = ProbeLetter.Write(Publication(""), Ida, "Ida", language, "https://news.example.org/u/x", DateTimeOffset.UnixEpoch);

        Assert.That(note.Text, Does.Contain("Field Notes").And.Contain(" Ida").And.Contain("https://news.example.org/u/x\n").And.Contain("1 Mill Lane").And.Not.Contain("{"));
        Assert.That(note.To, Is.EqualTo(Ida));
    }

    private static Publication Publication(string language) => language.Length == 0 ? Some.Publication() : new()
    {
        Name = "Field Notes", FromAddress = "editor@example.org", PostalAddress = "1 Mill Lane", BaseUrl = "https://news.example.org", Language = language,
    };
}
