using Newsletter.Replies;

namespace Newsletter.Tests.Core.Replies;

/// <summary>What of a mail's HTML may stand in a page of ours.</summary>
public sealed class SafeHtmlTests
{
    [TestCaseSource(typeof(HostileHtml), nameof(HostileHtml.All))]
    public void Nothing_of_a_hostile_mail_is_left(string html)
    {
        var blocks = MarkupFolding.Fold($"<p>before</p>{html}<p>after</p>", _ => null).Blocks;

        Assert.That(blocks.Select(block => SafeMarkup.IsBalanced(block.Html)), Has.All.True, () => string.Join('\n', blocks.Select(block => block.Html)));
    }

    [Test]
    public void What_would_be_loaded_is_counted()
    {
        var remote = MarkupFolding.Fold("<img src=http://x.example/a.png><img src=https://x.example/p.gif width=1 height=1><td background=//x.example/b><p style='background:url(https://x.example/c)'><img src=cid:own><img src=data:image/png;base64,AAAA><style>@import url(https://x.example/d)</style>", _ => "/image").Remote;

        Assert.That(remote, Is.EqualTo(new RemoteContent(5, 1)));
    }

    [Test]
    public void An_image_of_the_mail_itself_is_shown_and_another_named()
    {
        var html = MarkupFolding.Fold("<img src=\"cid:own%40x\" alt='A \"gate\"'><img src=cid:other alt=map><img src=http://x.example/y>", id => id == "own@x" ? "/image" : null).Blocks.Single().Html;

        Assert.That(html, Is.EqualTo("<img src=\"/image\" alt=\"A &quot;gate&quot;\" loading=\"lazy\"><span class=\"unseen\">[image: map]</span><span class=\"unseen\">[image]</span>"));
    }

    [TestCase("<a href='https://bank.example/login'>https://bank.example</a>", "<a href=\"https://bank.example/login\" target=\"_blank\" rel=\"noopener noreferrer nofollow\">https://bank.example</a>")]
    [TestCase("<a href='https://evil.example'>www.bank.example</a>", "<a href=\"https://evil.example/\" target=\"_blank\" rel=\"noopener noreferrer nofollow\">www.bank.example</a> <span class=\"goes\">(leads to evil.example)</span>")]
    [TestCase("<a href='https://evil.example'>click here</a>", "<a href=\"https://evil.example/\" target=\"_blank\" rel=\"noopener noreferrer nofollow\">click here</a>")]
    public void A_link_says_where_it_leads_when_its_words_say_otherwise(string html, string shown) =>
        Assert.That(MarkupFolding.Fold(html, _ => null).Blocks.Single().Html, Is.EqualTo(shown));

    [Test]
    public void Lists_tables_and_emphasis_stay() =>
        Assert.That(MarkupFolding.Fold("<ul class=x><li style=color:red>a<li><b>b</b></ul><table border=0><tr><td>c<td colspan=2>d</table><h1>e</h1>", _ => null).Blocks.Single().Html.Replace("\u200B", "", StringComparison.Ordinal),
            Is.EqualTo("<ul><li>a</li><li><b>b</b></li></ul><table><tr><td>c</td><td colspan=\"2\">d</td></tr></table><p class=\"head\">e</p>"));
}
