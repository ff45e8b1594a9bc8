using Newsletter.Sending;

namespace Newsletter.Storage;

/// <summary>States as the tables hold them. An index of the schema names some of these words.</summary>
internal static class SendingWords
{
    public static string Word(this EditionState state) => state.ToString().ToLowerInvariant();

    public static string Word(this DeliveryState state) => state.Words();

    public static EditionState ReadEdition(string word) => Enum.Parse<EditionState>(word, ignoreCase: true);

    public static DeliveryState ReadDelivery(string word) => Enum.Parse<DeliveryState>(word.Replace(" ", "", StringComparison.Ordinal), ignoreCase: true);
}
