using System.Globalization;
using System.Text;

namespace Newsletter.Benchmarks;

/// <summary>The letters to measure with.</summary>
internal static class Letters
{
    private const string Css = """
        body { margin: 0; padding: 0; background-color: #f4f4f5; font-family: Helvetica, Arial, sans-serif; color: #333333; }
        table { border-collapse: collapse; mso-table-lspace: 0pt; mso-table-rspace: 0pt; }
        img { border: 0; max-width: 100%; height: auto; }
        a { color: #0a66c2; text-decoration: none; }
        a:hover { text-decoration: underline; }
        h1, h2, h3 { margin: 0 0 12px; line-height: 1.25; color: #111111; }
        p { margin: 0 0 16px; font-size: 16px; line-height: 1.5; }
        .container { width: 600px; margin: 0 auto; background: #ffffff; }
        .story td { padding: 24px 32px; vertical-align: top; }
        .story .kicker { font-size: 12px; letter-spacing: 1px; text-transform: uppercase; color: #888888; }
        .story td > p:last-child { margin-bottom: 0; }
        .button { display: inline-block; padding: 12px 24px; border-radius: 4px; background-color: #0a66c2; color: #ffffff !important; }
        ul.list li:nth-child(odd) { color: #555555; }
        #footer p { font-size: 12px; color: #999999; }
        @media only screen and (max-width: 620px) { .container { width: 100% !important; } .story td { padding: 16px !important; } }
        """;

    /// <summary>The real letters of the instrument beside the checkout; letters of several sizes where it is not there.</summary>
    public static string[] Sample()
    {
        var folder = Path.Combine(Root(), "..", "shared", "eval", "inline", "corpora", "real");
        if (Directory.Exists(folder))
            return [.. Directory.GetFiles(folder, "*.html").Order(StringComparer.Ordinal).Select(File.ReadAllText)];
        return [.. Enumerable.Range(1, 100).Select(i => Make(i * 400))];
    }

    /// <summary>A letter of stories, of at least that many characters.</summary>
    public static string Make(int length)
    {
        var made = new StringBuilder("<!DOCTYPE html>\n<html lang=\"en\"><head><title>Letter</title><style>\n").Append(Css)
            .Append("\n</style></head><body><table class=\"container\"><tr><td>\n");
        for (var i = 0; made.Length < length; i++)
            made.Append(CultureInfo.InvariantCulture, $"""
                <table class="story" role="presentation" width="100%" cellpadding="0" cellspacing="0"><tr><td><span class="kicker">Section {i}</span>
                <h2 id="s{i}">Headline number {i} &amp; more</h2><p>Lorem ipsum dolor sit amet, <a href="https://example.org/{i}?a=1&amp;b=2">consectetur</a>.</p>
                <p style="color:#222222">Sed do <strong>eiusmod</strong> tempor <em>incididunt</em>.</p><ul class="list"><li>one</li><li>two</li><li>three</li></ul>
                <p><a class="button" href="https://example.org/{i}/read">Read on</a></p></td></tr></table>

                """);
        return made.Append("</td></tr></table><div id=\"footer\"><p>You signed up.</p></div></body></html>\n").ToString();
    }

    private static string Root()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Newsletter.sln")))
                return folder.FullName;
        return AppContext.BaseDirectory;
    }
}
