using Newsletter.Inlining;

namespace Newsletter.Tests.Inlining;

/// <summary>revert-layer, as Chromium computes it.</summary>
public sealed class RevertedLayerTests
{
    [TestCase("@layer a{p{color:red}}@layer b{p{color:blue}.a{color:revert-layer}}", "", "color:red", TestName = "The layer below speaks")]
    [TestCase("@layer a{p{margin:1px}}@layer b{p{margin-left:3px}.a{margin:revert-layer}}", "", "margin:1px", TestName = "Longhands of its layer go with it")]
    [TestCase("@layer a{p{margin-left:1px}}@layer b{p{margin:3px}.a{margin-left:revert-layer}}", "", "margin:3px;margin-left:1px", TestName = "Beside a shorthand of its layer the value below is said")]
    [TestCase("p{color:red}.a{color:blue;color:revert-layer}", "", "color:revert-layer", TestName = "Below all layers of the author is what it says itself")]
    [TestCase("p{color:red}", "color:revert-layer", "color:red", TestName = "In a style attribute it stands for what the sheets say")]
    public void It_gives_way(string css, string own, string expected)
    {
        var made = Inliner.Inline($"<html><head><style>{css}</style></head><body><p class=a style='{own}'>x</p></body></html>");

        Assert.That(made.Replace("style='", "style=\"", StringComparison.Ordinal).Replace("'>", "\">", StringComparison.Ordinal), Does.Contain($"<p class=a style=\"{expected}\">x"));
    }
}
