using Newsletter.Inlining;

namespace Newsletter.Tests.Inlining;

/// <summary>Custom properties, as Chromium computes them.</summary>
public sealed class VariableTests
{
    [TestCase("p{--foo:1px;margin:var(--\\66oo)}", "margin:1px", TestName = "A name may be written with escapes")]
    [TestCase("@property --l{syntax:'<length>';inherits:false;initial-value:2px}p{--l:red;margin:var(--l)}", "margin:2px", TestName = "A value of another type is as if it had not been said")]
    [TestCase("@property --l{syntax:'<length>';inherits:false;initial-value:2px}p{--l:3px;margin:var(--l)}", "margin:3px", TestName = "One of its type counts")]
    [TestCase("@property --l{syntax:'<length>';inherits:false;initial-value:2px}p{--l:initial;margin:var(--l)}", "margin:2px", TestName = "Initial is the initial value")]
    [TestCase("@property --l{syntax:'<length>';inherits:false}p{margin:var(--l,4px)}", "margin:4px", TestName = "A type needs an initial value")]
    [TestCase("@property --l{syntax:'<color> | none';inherits:true;initial-value:none}p{--l:5px;border:var(--l)}", "border:none", TestName = "One of several types")]
    public void A_variable_is_resolved(string css, string expected) =>
        Assert.That(Inliner.Inline($"<head><style>{css}</style></head><p>x"), Does.EndWith($"<p style=\"{expected}\">x"));

    [Test]
    public void What_a_condition_asks_for_stays_in_the_sheet()
    {
        var made = Inliner.Inline("<head><style>div{--x:1;color:red}@container style(--x:1){p{top:0}}</style></head><div><p>x");

        Assert.That(made, Does.Contain("div{--x:1}"));
    }

    [Test]
    public void A_style_attribute_goes_on_changing_with_the_sheet()
    {
        const string Source = "<head><style>:root{--c:red;--t:1px}@media print{:root{--c:blue;--t:0}}</style></head><p style=\"color:var(--c);top:var(--t)\">x";

        var made = Inliner.Inline(Source);

        Assert.That(made, Does.EndWith("<p style=\"color:red;color:var(--c,red);top:unset;top:1px;top:var(--t,1px)\">x").And.Contain(":root{--c:red;--t:1px}"));
        Assert.That(Inliner.Inline(made), Is.EqualTo(made));
    }
}
