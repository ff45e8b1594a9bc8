using CsCheck;

namespace Newsletter.Tests.Core.Addresses;

/// <summary>What somebody does to a token in the hope that it is taken.</summary>
internal static class TokenForger
{
    private const string Alphabet = "abcdefghijklmnopqrstuvwxyz234567";

    /// <summary>One of: letters changed, one put in, one taken out, two swapped, cut at an end, doubled, lengthened, the seal of another, made up, anything.</summary>
    public static Gen<Func<string, string>> Forge { get; } = Gen.OneOf(
        Gen.Select(Gen.Int[0, 1000], Letter).Select(Func<string, string> (at, letter) => token => token[..(at % token.Length)] + letter + token[((at % token.Length) + 1)..]),
        Gen.Select(Gen.Int[0, 1000], Letter).Select(Func<string, string> (at, letter) => token => token.Insert(at % (token.Length + 1), $"{letter}")),
        Gen.Int[0, 1000].Select(Func<string, string> (at) => token => token.Remove(at % token.Length, 1)),
        Gen.Select(Gen.Int[0, 1000], Gen.Int[0, 1000]).Select(Func<string, string> (one, other) => token => Swap(token, one % token.Length, other % token.Length)),
        Gen.Int[0, 1000].Select(Func<string, string> (length) => token => token[..(length % token.Length)]),
        Gen.Int[0, 1000].Select(Func<string, string> (length) => token => token[(1 + (length % token.Length))..]),
        Gen.Const<Func<string, string>>(token => token + token),
        Gen.String[Letter, 1, 40].Select(Func<string, string> (tail) => token => token + tail),
        Gen.String[Letter, 26, 26].Select(Func<string, string> (seal) => token => token[..^26] + seal),
        Gen.String[Letter, 0, 80].Select(Func<string, string> (text) => _ => text),
        Gen.String.Select(Func<string, string> (text) => _ => text));

    private static Gen<char> Letter => Gen.Char[Alphabet];

    private static string Swap(string token, int one, int other)
    {
        var letters = token.ToCharArray();
        (letters[one], letters[other]) = (letters[other], letters[one]);
        return new(letters);
    }
}
