namespace Newsletter.Addresses;

/// <summary>What a sealed address of a conversation names.</summary>
/// <param name="Thread">The conversation.</param>
/// <param name="Reply">The reply that was handed on to the editor; null where the address stood in an answer of ours.</param>
public readonly record struct ThreadSeal(long Thread, long? Reply);
