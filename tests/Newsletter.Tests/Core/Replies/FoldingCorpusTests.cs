using System.Text;
using System.Text.RegularExpressions;
using Newsletter.Replies;

namespace Newsletter.Tests.Core.Replies;

/// <summary>Replies in the forms of real mail programs. The file beside each is the expectation: Fixtures/Replies/gmail-en.eml, and gmail-en.txt with what its writer wrote.</summary>
public sealed partial class FoldingCorpusTests
{
    private static string Folder => Path.Combine(AppContext.BaseDirectory, "Fixtures", "Replies");

    private static IEnumerable<string> Mails => Directory.GetFiles(Folder, "*.eml").Select(file => Path.GetFileNameWithoutExtension(file)).Order();

    private static IEnumerable<string> HtmlMails => Mails.Where(name => File.ReadAllText(Path.Combine(Folder, $"{name}.eml")).Contains("text/html", StringComparison.Ordinal));

    [TestCaseSource(nameof(Mails))]
    public void What_the_person_wrote_is_found(string name) => Assert.That(TextFolding.Written(Read(name).Fold()), Is.EqualTo(Expected(name)));

    [TestCaseSource(nameof(HtmlMails))]
    public void What_the_person_wrote_is_found_in_HTML_as_well(string name)
    {
        var blocks = Read(name).FoldHtml(_ => null).Blocks;

        var written = string.Join('\n', blocks.Where(block => block.Kind is BlockKind.Written).Select(block => block.Text));
        Assert.That(Words(written), Is.EqualTo(Words(Expected(name))), () => string.Join('\n', blocks.Select(block => $"{block.Kind}: {block.Text}")));
    }

    [TestCaseSource(nameof(Mails))]
    public void Nothing_is_lost(string name)
    {
        var mail = Read(name);

        if (mail.Text.Length > 0)
            Assert.That(string.Concat(mail.Fold().Select(block => block.Text)), Is.EqualTo(mail.Text));
        if (mail.Html.Length > 0)
            Assert.That(Words(string.Concat(mail.FoldHtml(_ => null).Blocks.Select(block => Tag().Replace(block.Html, " ")))), Is.EqualTo(Words(Visible(mail.Html))));
    }

    private static ReplyMail Read(string name) => ReplyMail.Read(File.ReadAllBytes(Path.Combine(Folder, $"{name}.eml")));

    private static string Expected(string name) => File.ReadAllText(Path.Combine(Folder, $"{name}.txt")).TrimEnd('\n');

    /// <summary>All letters and digits: where lines and blanks stand is the program's affair.</summary>
    private static string Words(string text) => string.Concat(System.Net.WebUtility.HtmlDecode(text).Normalize(NormalizationForm.FormC).Where(char.IsLetterOrDigit));

    private static string Visible(string html) => Tag().Replace(Style().Replace(html, " "), " ");

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tag();

    [GeneratedRegex("<style.*?</style>", RegexOptions.Singleline)]
    private static partial Regex Style();
}
