using System.Text;
using Newsletter.Addresses;
using Newsletter.Returns;

namespace Newsletter.Tests.Core.Returns;

/// <summary>A token of which one bit is another proves nothing, whatever it is for and wherever it stands: what follows is that the editor sees the mail, and no more.</summary>
public sealed class ForgedSealTests
{
    private static readonly OurAddresses Ours = Some.OurAddresses();
    private static readonly DeliveryId Delivery = DeliveryId.Of(12, 34);
    private static readonly string Alphabet = "abcdefghijklmnopqrstuvwxyz234567";

    /// <summary>Where a token may stand in a bounce, by what it is for. A zero stands for it.</summary>
    private static readonly (string Name, Func<string> Sealed, string Mail)[] Places =
    [
        ("Return-Path as recipient", () => Ours.ReturnPath(Delivery), "Delivered-To: 0\n{bounce}"),
        ("Return-Path of the returned letter", () => Ours.ReturnPath(Delivery), "{bounce}\n\n------ This is a copy of the message\n\nReturn-Path: <0>\nSubject: x\n"),
        ("unsubscribe address as recipient", () => Ours.UnsubscribeMail(Delivery), "To: 0\nFrom: ida@harbour.example\nSubject: unsubscribe\n\n"),
        ("unsubscribe address in the returned letter", () => Ours.UnsubscribeMail(Delivery), "{bounce}\n\n------ This is a copy of the message\n\nSubject: x\nList-Unsubscribe: <mailto:0>\n"),
        ("unsubscribe link in the returned letter", () => Ours.UnsubscribeUrl(Delivery), "{bounce}\n\n------ This is a copy of the message\n\nSubject: x\nList-Unsubscribe: <0>\n"),
        ("answer address as recipient", () => Ours.ReplyTo(Delivery), "Delivered-To: 0\n{bounce}"),
        ("Message-ID of the returned letter", () => Ours.MessageId(Delivery), "{bounce}\n\n------ This is a copy of the message\n\nSubject: x\nMessage-ID: <0>\n"),
        ("Message-ID that it answers", () => Ours.MessageId(Delivery), "In-Reply-To: <0>\n{bounce}"),
    ];

    private static IEnumerable<string> Names() => Places.Select(place => place.Name);

    [TestCaseSource(nameof(Names))]
    public void The_true_one_proves_the_delivery(string name) => Assert.That(Read(name, token => token).Delivery, Is.EqualTo(Delivery));

    [TestCaseSource(nameof(Names))]
    public void With_any_one_bit_another_it_changes_nothing(string name)
    {
        var token = TokenOf(name);
        for (var at = 0; at < token.Length; at++)
            for (var bit = 0; bit < 5; bit++)
            {
                var traced = Read(name, whole => whole.Replace(token, Flipped(token, at, bit), StringComparison.Ordinal));
                Assert.That(traced.Delivery, Is.Null, $"letter {at}, bit {bit}");
                Assert.That(Consequence.Of(traced, null), Is.InstanceOf<Consequence.ShowEditor>(), $"letter {at}, bit {bit}");
            }
    }

    [TestCaseSource(nameof(Names))]
    public void Cut_or_longer_it_changes_nothing(string name)
    {
        var token = TokenOf(name);
        foreach (var other in (string[])[token[..^1], token[1..], $"{token}a", $"a{token}", token[..^10], ""])
            Assert.That(Read(name, whole => whole.Replace(token, other, StringComparison.Ordinal)).Delivery, Is.Null, other);
    }

    [Test]
    public void A_token_of_one_purpose_is_none_of_another()
    {
        var tokens = Enum.GetValues<TokenPurpose>().ToDictionary(purpose => purpose, purpose => new SealedTokens(Some.KeyRing()).Write(purpose, Delivery));

        foreach (var purpose in tokens.Keys)
            foreach (var other in tokens.Keys)
                Assert.That(new SealedTokens(Some.KeyRing()).Read(other, tokens[purpose]), Is.EqualTo(other == purpose ? Delivery : (DeliveryId?)null), $"{purpose} as {other}");
    }

    private static TracedMail Read(string name, Func<string, string> change)
    {
        var (_, sealedWord, mail) = Places.Single(place => place.Name == name);
        const string Bounce = "Return-Path: <>\nFrom: MAILER-DAEMON@mx.example\nSubject: failure notice\n\nI wasn't able to deliver your message.\n\n<ida@harbour.example>:\n550 5.1.1 no such user\n";
        var text = mail.Replace("{bounce}", "{}", StringComparison.Ordinal).Replace("0", change(sealedWord()), StringComparison.Ordinal).Replace("{}", Bounce, StringComparison.Ordinal);
        return TracedMail.Read(Encoding.UTF8.GetBytes(text), Ours);
    }

    private static string TokenOf(string name)
    {
        var word = Places.Single(place => place.Name == name).Sealed();
        return word.Contains("/u/", StringComparison.Ordinal) ? word.Split("/u/")[1] : word.Split('@')[0][2..];
    }

    private static string Flipped(string token, int at, int bit) => $"{token[..at]}{Alphabet[Alphabet.IndexOf(token[at]) ^ (1 << bit)]}{token[(at + 1)..]}";
}
