using Newsletter.Composing;
using Newsletter.Issues;

namespace Newsletter.Tests.Core.Issues;

public sealed class ExcerptTests
{
    [TestCase("short", "short")]
    [TestCase("0123456789012345678901234567890123456789x", "0123456789012345678901234567890123456789…")]
    [TestCase("012345678901234567890123456789012345678🐝 and more", "012345678901234567890123456789012345678…")]
    [TestCase("one\r\nline", "one line")]
    [TestCase("one\nline, and no more than a message can show", "one line, and no more than a message can…")]
    public void It_is_one_line_that_ends_between_two_signs(string text, string excerpt) => Assert.That(Excerpt.Of(text), Is.EqualTo(excerpt));

    [TestCase("https://news.example.org/issues/1", "@news.example.org")]
    [TestCase("http://[2001:db8::1]:8080/issues/1", "@2001-db8--1")]
    public void The_name_of_an_image_is_a_valid_one_whatever_the_host(string page, string end) =>
        Assert.That(IssueImage.Of(new byte[] { 1 }, "image/png", isEmbedded: true).ContentId(new(page)), Does.EndWith(end));
}
