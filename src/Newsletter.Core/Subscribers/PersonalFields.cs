using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace Newsletter.Subscribers;

/// <summary>The fields of one person, names and values fit to keep, in order of their names. Few, so they are looked through.</summary>
internal sealed class PersonalFields(KeyValuePair<string, string>[] fields) : IReadOnlyDictionary<string, string>
{
    public static readonly PersonalFields None = new([]);

    public int Count => fields.Length;

    public IEnumerable<string> Keys => fields.Select(pair => pair.Key);

    public IEnumerable<string> Values => fields.Select(pair => pair.Value);

    public string this[string key] => TryGetValue(key, out var value) ? value : throw new KeyNotFoundException(key);

    public bool ContainsKey(string key) => TryGetValue(key, out _);

    public bool TryGetValue(string key, [MaybeNullWhen(false)] out string value)
    {
        foreach (var field in fields)
            if (field.Key == key)
            {
                value = field.Value;
                return true;
            }
        value = null;
        return false;
    }

    public IEnumerator<KeyValuePair<string, string>> GetEnumerator() => ((IEnumerable<KeyValuePair<string, string>>)fields).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
