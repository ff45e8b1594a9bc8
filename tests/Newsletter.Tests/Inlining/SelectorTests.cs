using Newsletter.Inlining;

namespace Newsletter.Tests.Inlining;

/// <summary>Which elements a selector fits: those that Chromium says.</summary>
public sealed class SelectorTests
{
    /// <summary>The texts of the elements (one letter each) that got the style.</summary>
    private static string Fits(string sheet, string body)
    {
        var made = Inliner.Inline($"<!DOCTYPE html><html><head><style>{sheet}</style></head><body>{body}</body></html>");
        return string.Concat(made[made.IndexOf("<body", StringComparison.Ordinal)..].Split("color:red").Skip(1).Select(static rest => rest.SkipWhile(static c => c != '>').Skip(1).First()));
    }

    [TestCase(":is(p:has(:bogus)),.a", "<p class=a>1</p>", "1", TestName = "What is broken within brackets breaks nothing behind them")]
    [TestCase(":where(:bogus,::before,p)", "<p>1</p>", "1", TestName = "A part of an element is dropped from :where()")]
    [TestCase("p:not(::before)", "<p>1</p>", "", TestName = "A part of an element breaks :not()")]
    [TestCase("p:has(:has(b))", "<p>1<i>2<b>3</b></i></p>", "", TestName = ":has() in :has() is broken")]
    [TestCase(":matches(p)", "<p>1</p>", "", TestName = ":matches() was never in Chromium")]
    [TestCase(":-webkit-any(p,b)", "<p>1</p>", "1", TestName = ":-webkit-any() is :is()")]
    [TestCase("a:-webkit-any-link", "<a href=x>1</a><a>2</a>", "1", TestName = ":-webkit-any-link is :any-link")]
    [TestCase("SVG,Text", "<svg><text>1</text></svg>", "<1", TestName = "Names of SVG are compared without regard to case")]
    [TestCase("& > body p", "<p>1</p>", "1", TestName = "The sign for the parent is the root where there is none")]
    [TestCase("x-y:not(:defined)", "<x-y>1</x-y>", "1", TestName = "An element of an author's own is not defined")]
    [TestCase("details:open", "<details open>1</details><details>2</details>", "1", TestName = "What is open from the start is :open")]
    [TestCase("option:checked", "<select><option>1<option>2</select><select><option>3<option selected>4</select><select multiple><option>5</select>", "14", TestName = "The first choice is :checked if no other is")]
    [TestCase("p:dir(rtl)", "<p>1</p><p dir=rtl>2</p><div dir=RTL><p>3</p><p dir=ltr>4</p></div>", "23", TestName = "The direction is inherited")]
    [TestCase("p:dir(ltr)", "<p>1</p><p dir=rtl>2</p><p dir=bogus>3</p>", "13", TestName = "From left to right is what nobody says otherwise")]
    [TestCase("p:lang(de)", "<p lang=de-CH>1</p><p lang=den>2</p><p>3</p>", "1", TestName = "A language fits its kinds")]
    [TestCase("p:lang(\"de\")", "<p lang=de>1</p>", "", TestName = "Chromium knows no strings in :lang()")]
    [TestCase("p:nth-child(even OF .a)", "<p class=a>1</p><p class=a>2</p>", "", TestName = "Chromium wants a small of")]
    public void A_selector_fits(string selector, string body, string expected) => Assert.That(Fits(selector + "{color:red}", body), Is.EqualTo(expected));

    [TestCase("@namespace s url(http://www.w3.org/2000/svg);s|a{color:red}", "<a>1</a><svg><a>2</a></svg>", "2", TestName = "A prefix names a namespace")]
    [TestCase("@namespace url(http://www.w3.org/1999/xhtml);a{color:red}", "<a>1</a><svg><a>2</a></svg>", "1", TestName = "A default namespace is meant by names without prefix")]
    [TestCase("@namespace url(http://www.w3.org/1999/xhtml);*|a{color:red}", "<a>1</a><svg><a>2</a></svg>", "12", TestName = "A star means all namespaces")]
    [TestCase("x|a,b{color:red}", "<a>1</a><b>2</b>", "", TestName = "A prefix that was not declared breaks the list")]
    public void A_namespace_is_asked_for(string sheet, string body, string expected) => Assert.That(Fits(sheet, body), Is.EqualTo(expected));

    [TestCase(":is(:hover,.a)", "<p class=a>1</p><p>2</p>", "1", TestName = "What fits in any state is inlined")]
    [TestCase(":is(p:hover,b)", "<p>1</p><b>2</b>", "2", TestName = "One of a list needs no state")]
    [TestCase("p:not(.a:hover)", "<p class=a>1</p><p>2</p>", "2", TestName = "What no state can make fit the list of :not()")]
    [TestCase("p:not(:hover)", "<p>1</p>", "", TestName = "What holds until the reader does something is not inlined")]
    public void A_state_may_not_matter(string selector, string body, string expected)
    {
        var made = Inliner.Inline($"<style>{selector}{{color:red}}</style>{body}");

        Assert.That(Fits(selector + "{color:red}", body), Is.EqualTo(expected));
        Assert.That(made, Does.Contain($"\n{selector}{{color:red}}\n"), "it stays in the sheet for the state");
    }

    [Test]
    public void The_language_of_the_document_may_stand_in_a_meta_element()
    {
        var made = Inliner.Inline("<head><meta http-equiv=Content-Language content=de><style>p:lang(de){color:red}</style></head><p>1");

        Assert.That(made, Does.EndWith("<p style=\"color:red\">1"));
    }

    [TestCase("p::view-transition-old(root)")]
    [TestCase("p::scroll-marker")]
    [TestCase(":host p")]
    public void What_a_browser_knows_and_a_letter_has_not_is_kept(string selector) =>
        Assert.That(Inliner.Inline($"<head><style>{selector}{{color:red}}</style></head><p>x"), Does.Contain($"{selector}{{color:red}}"));
}
