using System.Text;
using Newsletter.Inlining;

namespace Newsletter.Tests.Inlining;

/// <summary>What input that means harm may cost, counted in steps and bytes, never in time.</summary>
public sealed class InlinerBoundsTests
{
    [Test]
    public void A_selector_that_takes_too_many_steps_stays_in_the_sheet_and_the_others_are_inlined()
    {
        var html = $"<head><style>p ~ p ~ p ~ p ~ b{{color:red}} p{{margin:0}}</style></head><body>{Repeat("<p>x</p>", 300)}";

        var inlined = Inliner.Inline(html);

        Assert.That(inlined, Does.Contain("p ~ p ~ p ~ p ~ b{color:red}").And.Contain("<p style=\"margin:0\">"));
        Assert.That(Cost(html), Is.LessThan(2 * (Effort.SelectorBase + (Effort.SelectorPerElement * 400))));
    }

    [Test]
    public void A_document_that_takes_too_many_steps_altogether_comes_back_as_it_was()
    {
        var html = $"<style>{Repeat(":not(x){a:b}", 20_000)}</style>{Repeat("<p>", 3_000)}";

        var inlined = Inliner.Inline(html, new InlinerOptions { LegacyAttributes = false });

        Assert.That(inlined, Is.EqualTo(html));
    }

    [Test]
    public void A_declaration_that_would_be_written_a_hundred_million_characters_long_altogether_is_not()
    {
        var html = $"<style>p{{content:'{Repeat("x", 10_000)}'}}</style>{Repeat("<p>", 10_000)}";

        Assert.That(Inliner.Inline(html) == html, Is.True);
    }

    /// <summary>Each had a table of its own, and all these had one hash.</summary>
    [Test]
    public void Elements_that_are_alike_share_their_custom_properties()
    {
        var html = $"<style>{string.Concat(Enumerable.Range(0, 50).Select(i => $"p{{--a{i}:1}}"))}</style>{Repeat("<p style='--q:1'>", 2000)}";
        Work(html);

        Assert.That(Work(html), Is.LessThan(8_000_000));
    }

    /// <summary>The tree builder looks through all open elements at most tags: a megabyte of these took a minute and a half.</summary>
    [TestCase("<div>")]
    [TestCase("<template></template><div>")]
    public void Tags_left_open_by_the_ten_thousand_come_back_as_they_were(string tags)
    {
        var html = "<style>p{color:red}</style>" + tags + Repeat("<div>", 10_000) + "<p>x";

        Assert.That(Inliner.Inline(html) == html, Is.True);
    }

    /// <summary>Each paragraph says all open formatting elements again: half a megabyte of these made millions of elements.</summary>
    [Test]
    public void Formatting_left_open_by_the_thousand_comes_back_as_it_was()
    {
        var html = "<style>p{color:red}</style><p>" + string.Concat(Enumerable.Range(0, 2000).Select(i => $"<b id={i}>")) + Repeat("<p>x", 1000);

        Assert.That(Inliner.Inline(html) == html, Is.True);
    }

    [Test]
    public void A_letter_that_closes_few_of_its_tags_is_inlined()
    {
        var html = "<style>p{color:red}</style>" + Repeat("<div><font color=red><p>x<ul><li>y</ul>", 700);

        Assert.That(Inliner.Inline(html).Contains("<p style=\"color:red\">", StringComparison.Ordinal), Is.True);
    }

    [TestCaseSource(nameof(Hostile))]
    public void Twice_the_input_takes_no_more_than_thrice_the_work(string name, Func<int, string> make)
    {
        Work(make(100));

        var (once, twice) = (Work(make(1000)), Work(make(2000)));

        Assert.That(twice, Is.LessThan((3 * once) + 1_000_000), name);
    }

    [Test]
    public void A_letter_of_five_megabytes_costs_no_more_a_character_than_one_of_an_eighth()
    {
        const string story = "<table class=s><tr><td><h2>x</h2><p style='color:red'>y <a href=z>z</a></p><ul><li>1<li>2<li>3</ul></td></tr></table>\n";
        // An eighth, so that lists which double stand alike.
        var (small, large) = (Letter(5_000_000 / 8), Letter(5_000_000));

        Assert.That(Pooled(large) / (double)large.Length, Is.LessThan(1.1 * Pooled(small) / small.Length), "bytes");
        Assert.That(Cost(large) / (double)large.Length, Is.LessThan(1.1 * Cost(small) / small.Length), "steps");

        static long Pooled(string html) => Math.Min(Work(html), Work(html)); // the second time the parser's buffers are there
        static string Letter(int length) =>
            "<style>.s td{padding:0} p{margin:0} .s p a{color:blue} li:nth-child(odd){color:green} td > ul:last-child{margin:0} a:hover{color:red}</style>" + Repeat(story, length / story.Length);
    }

    private static IEnumerable<TestCaseData> Hostile()
    {
        static TestCaseData Case(string name, Func<int, string> make) => new TestCaseData(name, make).SetArgDisplayNames(name);
        yield return Case("a letter", n => Repeat("<style>.s td{padding:0}p{margin:0}</style>" + Repeat("<table class=s><tr><td><p>x</p></td></tr></table>", n), 1));
        yield return Case("deep nesting", n => "<style>div div p{color:red}</style>" + Repeat("<div>", n) + "<p>x");
        yield return Case("many selectors", n => $"<style>{string.Join(',', Enumerable.Range(0, n * 10).Select(i => $".c{i}"))}{{color:red}}</style><p class='c1 c2'>");
        yield return Case("one selector often", n => $"<style>{Repeat("p,", n * 10)}p{{color:red}}</style><p>");
        yield return Case("many declarations", n => $"<style>p{{{Repeat("color:red;margin:0;x:y;", n)}}}</style><p>");
        yield return Case("many declarations in an attribute", n => $"<style>p{{color:red}}</style><p style='{Repeat("color:blue;x:y;", n)}'>");
        yield return Case("a huge attribute", n => $"<style>[title*=b]{{color:red}}</style><p title='{Repeat("aaaaaaaaaa", n * 10)}'>");
        yield return Case("many classes", n => $"<style>.c1.c2{{color:red}}</style><p class='{string.Join(' ', Enumerable.Range(0, n * 10).Select(i => $"c{i}"))}'>");
        yield return Case("has", n => $"<style>div:has(b:has(i)){{color:red}}</style>{Repeat("<div><b><u></u></b></div>", n / 4)}");
        yield return Case("nth of", n => $"<style>p:nth-child(2n of .a,.b){{color:red}}</style>{Repeat("<p class=a>", n)}");
        yield return Case("nots in ises", n => $"<style>{Repeat(":not(:is(", 20)}p{Repeat("))", 20)}{{color:red}}</style>{Repeat("<p>", n)}");
        yield return Case("nesting", n => $"<style>{Repeat("p,b{&,& &{", 8)}color:red{Repeat("}}", 8)}{Repeat("i{a{x:y}}", n)}</style>{Repeat("<p>", n)}");
        yield return Case("billion laughs", n => $"<style>:root{{--a:x x x x;{string.Concat(Enumerable.Range(0, 30).Select(i => $"--a{i}:var(--a{i - 1},var(--a)) var(--a{i - 1},x);"))}}}p{{color:var(--a29)}}</style>{Repeat("<p>", n)}");
        yield return Case("layers", n => $"<style>{string.Concat(Enumerable.Range(0, n * 5).Select(i => $"@layer l{i}{{p{{color:red}}}}"))}</style><p>");
        yield return Case("comments that nothing closes", n => $"<style>p{{color:red}}</style><p class=a>{Repeat("<!--[if", n)}<style");
        yield return Case("imports", n => $"<style>{string.Concat(Enumerable.Range(0, n).Select(i => $"@import 'a{i}.css';"))}p{{color:red}}</style><p>");
    }

    /// <summary>Bytes that were asked for; what loops without asking for any is counted by <see cref="Effort"/>.</summary>
    private static long Work(string html)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        Inliner.Inline(html, new InlinerOptions { StyleSheet = address => $"@import '{address}';p{{margin:0}}", DropUnusedClasses = true, DropUnusedRules = true });
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static long Cost(string html)
    {
        using var page = Page.Parse(html);
        var properties = new PropertyTable();
        var sheets = new SheetReader(properties, _ => null);
        foreach (var source in StyleSources.Find(page, _ => null))
            sheets.Read(source.Text, source.Media, source.Address);
        sheets.Finish();
        var before = page.Effort.Left;
        new Cascade(page, sheets, properties).Run();
        return before - page.Effort.Left;
    }

    private static string Repeat(string text, int times) => new StringBuilder(text.Length * times).Insert(0, text, times).ToString();
}
