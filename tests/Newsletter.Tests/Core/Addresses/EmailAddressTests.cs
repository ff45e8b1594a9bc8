using CsCheck;
using Newsletter.Addresses;

namespace Newsletter.Tests.Core.Addresses;

public sealed class EmailAddressTests
{
    [TestCase("o'neil@example.org", "o'neil@example.org")]
    [TestCase("  Ada.Lovelace+news@Example.ORG ", "ada.lovelace+news@example.org")]
    [TestCase("a/b=c!d@example.org", "a/b=c!d@example.org")]
    [TestCase("ida@bücher.example", "ida@xn--bcher-kva.example")]
    [TestCase("jörg@example.org", "jörg@example.org")]
    [TestCase("用户@例子.example", "用户@xn--fsqu00a.example")]
    public void An_address_is_compared_by_its_key(string text, string key) => Assert.That(EmailAddress.Read(text)?.Key, Is.EqualTo(key));

    [TestCase("")]
    [TestCase("ada")]
    [TestCase("ada@localhost")]
    [TestCase("@example.org")]
    [TestCase("ada@")]
    [TestCase("ada@@example.org")]
    [TestCase("a@b@example.org")]
    [TestCase(".ada@example.org")]
    [TestCase("a..b@example.org")]
    [TestCase("ada lovelace@example.org")]
    [TestCase("Ada <ada@example.org>")]
    [TestCase("ada@example.org\r\nBcc: eve@example.org")]
    [TestCase("ada\0@example.org")]
    [TestCase("ada\u200b@example.org")]
    [TestCase("ada@exa_mple.org")]
    [TestCase("ada@-example.org")]
    [TestCase("ada@example.org.")]
    [TestCase("ada@[127.0.0.1]")]
    [TestCase("\"ada\"@example.org")]
    [TestCase("ada,eve@example.org")]
    public void What_is_no_mailbox_of_ours_is_refused(string text) => Assert.That(EmailAddress.Read(text), Is.Null);

    [Test]
    public void Two_spellings_are_one_mailbox() =>
        Assert.That(EmailAddress.Read("Ada@EXAMPLE.org"), Is.EqualTo(EmailAddress.Read("ada@example.org")));

    [Test]
    public void The_envelope_takes_the_domain_as_A_label_and_the_local_part_as_given() =>
        Assert.That(EmailAddress.Read("Ida@Bücher.example")?.Wire, Is.EqualTo("Ida@xn--bcher-kva.example"));

    [Test]
    public void Any_text_is_read_without_a_throw_and_what_is_read_holds_no_control_character() =>
        Gen.String.Sample(text => Assert.That(EmailAddress.Read(text)?.Value.Any(char.IsControl) ?? false, Is.False));

    /// <summary>Addresses of lower-case letters are read on a shorter way; of capitals they are not.</summary>
    [Test]
    public void The_short_way_reads_what_the_long_one_does()
    {
        var text = Gen.Char["abcxyz059.-_+@@é "].Array[1, 24].Select(letters => new string(letters));
        var near = Gen.Select(Gen.Char["ab0.-_+"].Array[1, 70], Gen.Char["abn0.-x"].Array[1, 70]).Select((local, domain) => $"{new string(local)}@{new string(domain)}");
        Gen.OneOf(text, near).Sample(small =>
        {
            var (one, other) = (EmailAddress.Read(small), EmailAddress.Read(small.ToUpperInvariant()));
            Assert.That((one?.Key, one?.Domain), Is.EqualTo((other?.Key, other?.Domain)), small);
        }, iter: 100_000);
    }
}
