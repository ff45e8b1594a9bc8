using Newsletter.Composing;

namespace Newsletter.Tests.Core.Composing;

public sealed class MarkedTests
{
    private static readonly PersonalValues Ada = new() { Name = "Ada", Email = "<ada>@example.org" };

    [Test]
    public void A_proof_says_so_in_subject_text_and_html_behind_the_bodys_tag()
    {
        var proof = Marked.Proof(Some.RenderedIssue());

        Assert.That(proof.Subject.Write(Ada), Is.EqualTo("[Proof] Hedges"));
        Assert.That(proof.Text.Write(Ada), Does.StartWith("*** PROOF, ").And.EndWith("\n\nHello\n"));
        Assert.That(proof.Html.Write(Ada), Does.StartWith("<html lang=\"en\"><body><div role=\"note\" ").And.Contain("PROOF, ").And.EndWith("</div><p>Hello Ada</p></body></html>"));
    }

    [Test]
    public void A_letter_of_the_sandbox_says_for_whom_it_was_escaped_for_its_place()
    {
        var letter = Marked.Sandbox(Some.RenderedIssue());

        Assert.That(letter.Html.Write(Ada), Does.Contain("It would have gone to &lt;ada&gt;@example.org.</div>"));
        Assert.That(letter.Text.Write(Ada), Does.Contain("It would have gone to <ada>@example.org. ***"));
    }

    [Test]
    public void Html_without_a_body_has_the_banner_in_front()
    {
        var proof = Marked.Proof(Some.RenderedIssue() with { Html = Template.Of("<p>bare</p>") });

        Assert.That(proof.Html.Write(Ada), Does.StartWith("<div role=\"note\"").And.EndWith("</div><p>bare</p>"));
    }
}
