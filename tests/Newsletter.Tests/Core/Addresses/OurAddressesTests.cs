using Newsletter.Addresses;

namespace Newsletter.Tests.Core.Addresses;

public sealed class OurAddressesTests
{
    private static readonly DeliveryId Delivery = DeliveryId.Of(149, 1234);
    private readonly OurAddresses ours = Some.OurAddresses();

    [Test]
    public void A_return_path_names_its_delivery_when_a_server_shouts_it() =>
        Assert.That(ours.ReadRecipient(TokenPurpose.ReturnPath, $"<{ours.ReturnPath(Delivery).ToUpperInvariant()}>"), Is.EqualTo(Delivery));

    [Test]
    public void A_return_path_is_no_unsubscribe_address() =>
        Assert.That(ours.ReadRecipient(TokenPurpose.Unsubscribe, ours.ReturnPath(Delivery)), Is.Null);

    [Test]
    public void A_token_at_a_foreign_domain_is_not_ours() =>
        Assert.That(ours.ReadRecipient(TokenPurpose.ReturnPath, ours.ReturnPath(Delivery).Split('@')[0] + "@elsewhere.example"), Is.Null);

    [Test]
    public void A_message_id_names_its_delivery_with_and_without_brackets() =>
        Assert.That(new[] { ours.ReadMessageId(ours.MessageId(Delivery)), ours.ReadMessageId($"<{ours.MessageId(Delivery)}>") }, Has.All.EqualTo(Delivery));

    [Test]
    public void Every_local_part_fits_into_64_octets()
    {
        var largest = DeliveryId.Of(long.MaxValue, long.MaxValue);

        string[] addresses = [ours.ReturnPath(largest), ours.UnsubscribeMail(largest), ours.ReplyTo(largest), ours.MessageId(largest)];

        Assert.That(addresses.Select(address => address.IndexOf('@')), Has.All.LessThanOrEqualTo(64));
    }
}
