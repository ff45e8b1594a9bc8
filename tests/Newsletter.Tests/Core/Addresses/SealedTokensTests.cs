using CsCheck;
using Newsletter.Addresses;

namespace Newsletter.Tests.Core.Addresses;

public sealed class SealedTokensTests
{
    private static readonly KeyRing Ring = Some.KeyRing();
    private readonly SealedTokens tokens = new(Ring);

    [Test]
    public void A_token_leads_back_to_its_delivery_whatever_the_numbers() =>
        Gen.Select(Gen.Long[0, long.MaxValue], Gen.Long[0, long.MaxValue]).Sample((edition, subscriber) =>
        {
            var token = tokens.Write(TokenPurpose.ReturnPath, DeliveryId.Of(edition, subscriber));

            Assert.That(tokens.Read(TokenPurpose.ReturnPath, token.ToUpperInvariant()), Is.EqualTo(DeliveryId.Of(edition, subscriber)));
            Assert.That(token, Has.Length.LessThanOrEqualTo(47));
        });

    [Test]
    public void A_token_of_one_purpose_is_refused_by_the_others()
    {
        var token = tokens.Write(TokenPurpose.Unsubscribe, DeliveryId.Of(7, 42));

        Assert.That(Enum.GetValues<TokenPurpose>().Where(purpose => tokens.Read(purpose, token) is not null), Is.EqualTo(new[] { TokenPurpose.Unsubscribe }));
    }

    [Test]
    public void A_token_with_any_one_character_changed_is_refused()
    {
        var token = tokens.Write(TokenPurpose.MessageId, DeliveryId.Of(149, 1_000_000));

        var changed = from i in Enumerable.Range(0, token.Length)
                      from letter in "abcdefghijklmnopqrstuvwxyz234567"
                      where letter != token[i]
                      select tokens.Read(TokenPurpose.MessageId, token[..i] + letter + token[(i + 1)..]);

        Assert.That(changed, Has.All.Null);
    }

    [TestCase(TokenPurpose.Confirm, 128)]
    [TestCase(TokenPurpose.Preferences, 128)]
    [TestCase(TokenPurpose.Form, 128)]
    [TestCase(TokenPurpose.Unsubscribe, 80)]
    [TestCase(TokenPurpose.ReturnPath, 80)]
    public void What_stands_in_the_web_alone_has_a_long_seal(TokenPurpose purpose, int bits) =>
        Assert.That(tokens.Write(purpose, 1, 2), Has.Length.EqualTo(((3 * 8) + bits + 4) / 5));

    /// <summary>A million in a run by hand: NEWSLETTER_TEST_MUTATIONS=1000000.</summary>
    [TestCase(TokenPurpose.Confirm)]
    [TestCase(TokenPurpose.Form)]
    [TestCase(TokenPurpose.Preferences)]
    [TestCase(TokenPurpose.OwnPage)]
    [TestCase(TokenPurpose.NewAddress)]
    public void A_token_that_was_altered_cut_or_made_up_is_refused(TokenPurpose purpose)
    {
        var count = long.TryParse(Environment.GetEnvironmentVariable("NEWSLETTER_TEST_MUTATIONS"), out var asked) ? asked : 500;
        Gen.Select(Gen.Long[0, long.MaxValue], Gen.Long[0, long.MaxValue], TokenForger.Forge).Sample((first, second, forge) =>
        {
            var token = tokens.Write(purpose, first, second);
            var other = Enum.GetValues<TokenPurpose>().Where(each => each != purpose).Select(each => tokens.Write(each, first, second));

            Assert.That(tokens.ReadNumbers(purpose, token), Is.EqualTo((first, second)));
            Assert.That(forge(token) is var forged && !forged.Equals(token, StringComparison.OrdinalIgnoreCase) && tokens.ReadNumbers(purpose, forged) is not null, Is.False, forged);
            Assert.That(other.Where(each => tokens.ReadNumbers(purpose, each) is not null), Is.Empty);
        }, iter: count);
    }

    [Test]
    public void Any_text_is_read_without_a_throw() =>
        Gen.String.Sample(text => Assert.That(tokens.Read(TokenPurpose.Reply, text), Is.Null));

    [Test]
    public void A_new_key_seals_and_the_old_one_is_still_read()
    {
        var old = tokens.Write(TokenPurpose.Unsubscribe, DeliveryId.Of(1, 2));
        var rotated = new SealedTokens(new(2, new Dictionary<byte, byte[]>(Ring.Keys) { [2] = Enumerable.Repeat((byte)9, 32).ToArray() }));

        Assert.That(rotated.Read(TokenPurpose.Unsubscribe, old), Is.EqualTo(DeliveryId.Of(1, 2)));
        Assert.That(tokens.Read(TokenPurpose.Unsubscribe, rotated.Write(TokenPurpose.Unsubscribe, DeliveryId.Of(1, 2))), Is.Null);
    }
}
