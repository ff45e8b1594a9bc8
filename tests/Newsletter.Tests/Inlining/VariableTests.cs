using Newsletter.Inlining;

namespace Newsletter.Tests.Inlining;

/// <summary>Custom properties, as Chromium computes them.</summary>
public sealed class VariableTests
{
    [TestCase("p{--foo:1px;margin:var(--\\66oo)}", "margin:1px", TestName = "A name may be written with escapes")]
    public void A_variable_is_resolved(string css, string expected) =>
        Assert.That(Inliner.Inline($"<head><style>{css}</style></head><p>x"), Does.EndWith($"<p style=\"{expected}\">x"));

    [Test]
    public void What_a_condition_asks_for_stays_in_the_sheet()
    {
        var made = Inliner.Inline("<head><style>div{--x:1;color:red}@container style(--x:1){p{top:0}}</style></head><div><p>x");

        Assert.That(made, Does.Contain("div{--x:1}"));
    }
}
