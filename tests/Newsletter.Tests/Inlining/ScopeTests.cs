using Newsletter.Inlining;

namespace Newsletter.Tests.Inlining;

/// <summary>Rules in @scope stay in the sheet, and win where they won.</summary>
public sealed class ScopeTests
{
    [TestCase("@scope (.b){p{color:red}}p{color:blue}", "p{color:red !important}", TestName = "Of the same specificity the scoped rule is nearer")]
    [TestCase("p.a{color:blue}@scope (.b){p{color:red}}", "p{color:red}", TestName = "Specificity beats nearness")]
    [TestCase("p{color:blue}@scope (.b){> p{color:red}}", "> p{color:red !important}", TestName = "A selector may begin with a combinator")]
    [TestCase("p{color:blue}@scope (.b){& p{color:red}}", "& p{color:red !important}", TestName = "The sign for the parent is where the scope begins")]
    [TestCase("div{color:blue}@scope (.b){:scope{color:red}}", ":scope{color:red !important}", TestName = "So is :scope")]
    [TestCase("div{color:blue}@scope (.c){:scope{color:red}}", ":scope{color:red}", TestName = "Elsewhere nothing is to be won")]
    public void A_scoped_rule_is_kept(string css, string expected) =>
        Assert.That(Inliner.Inline($"<head><style>{css}</style></head><div class=b><p class=a>x</p></div>"), Does.Contain($"{{\n{expected}\n}}"));
}
