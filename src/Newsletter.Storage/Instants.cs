namespace Newsletter.Storage;

/// <summary>Instants as the tables hold them: UTC milliseconds since the epoch.</summary>
internal static class Instants
{
    public static long Ms(this DateTimeOffset instant) => instant.ToUnixTimeMilliseconds();

    public static DateTimeOffset Instant(this long ms) => DateTimeOffset.FromUnixTimeMilliseconds(ms);

    public static DateTimeOffset? Instant(this long? ms) => ms is { } value ? value.Instant() : null;
}
