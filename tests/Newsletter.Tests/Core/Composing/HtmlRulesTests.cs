using Newsletter.Composing.Body;

namespace Newsletter.Tests.Core.Composing;

public sealed class HtmlRulesTests
{
    [TestCase("color:red")]
    [TestCase("background-position: top; object-position: center")]
    [TestCase("COLOR : RGB(1 2 3 / 50%); margin: 0 auto -0px; width: calc(100% - 2px)")]
    [TestCase("background: linear-gradient(to right, #fff, rgba(0,0,0,.5)); float: left; font-family: 'A; B', serif")]
    [TestCase("display: block; text-indent: 1em; margin-top: 8px;")]
    [TestCase("")]
    public void A_style_that_only_styles_stays(string style) => Assert.That(HtmlRules.IsSafeStyle(style));

    [TestCase("background:url(https://t.example/x.png)")]
    [TestCase("background:image-set('https://t.example/x.png' 1x)")]
    [TestCase("background:-webkit-image-set('https://t.example/x.png' 1x)")]
    [TestCase("background:src('https://t.example/x.png')")]
    [TestCase("width:EXPRESSION(alert(1))")]
    [TestCase("color:red; position :fixed")]
    [TestCase("Position:absolute")]
    [TestCase("display: none")]
    [TestCase("display:none!important")]
    [TestCase("color:red;DISPLAY:\tNone")]
    [TestCase("visibility: hidden")]
    [TestCase("transform:translate(-1000px)")]
    [TestCase("translate: -1000px")]
    [TestCase("margin-top:-9999px")]
    [TestCase("margin: 0 -20px")]
    [TestCase("margin-top:-09999px")]
    [TestCase("margin-top:-0.5em")]
    [TestCase("margin-left: calc(-INFINITY * 1px)")]
    [TestCase("margin-left: calc(0px - 900px)")]
    [TestCase("text-indent:-9999px")]
    [TestCase("behavior: x; -moz-binding: y")]
    [TestCase("color:\\75rl(x)")]
    [TestCase("color:/**/red")]
    [TestCase("color:red}p{color:blue")]
    [TestCase("@import 'x'")]
    public void A_style_that_fetches_hides_or_leaves_its_place_goes(string style) => Assert.That(HtmlRules.IsSafeStyle(style), Is.False);

    [TestCase("color:red; text-indent:-18.0pt;mso-list:l0 level1", "color:red;mso-list:l0 level1", "text-indent")]
    [TestCase("display:none;DISPLAY: none;margin:-4px", "", "display, DISPLAY, margin")]
    [TestCase("a:'; position:fixed; b:'; position:fixed;c:d", "a:'; b:';c:d", "position")]
    [TestCase("text-indent:-9px;background:url(x)", null, "")]
    public void The_declarations_that_move_or_hide_go_and_the_others_stay(string style, string? kept, string lost)
    {
        var part = HtmlRules.SafePart(style);

        Assert.That((part.Kept, string.Join(", ", part.Lost)), Is.EqualTo((kept, lost)));
        Assert.That(part.Kept is null || HtmlRules.IsSafeStyle(part.Kept));
    }
}
