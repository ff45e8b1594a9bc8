namespace Newsletter.Composing.Body;

/// <summary>How many columns the tags in a plain text will take: a constant as many as it has, what is personal as many as such values usually have.</summary>
/// <param name="placeholders">Words that stand for tags.</param>
/// <param name="constants">What is the same for all readers.</param>
internal sealed class TextValues(Placeholders placeholders, Constants constants)
{
    private const int Name = 20;
    private const int Address = 30;
    private const int Link = 60;
    private const int Field = 16;

    /// <summary>A piece of text in its parts, each with its columns; a part of the kind null is text.</summary>
    public IEnumerable<(string Text, TagKind? Kind, int Columns)> Parts(string piece)
    {
        if (!Placeholders.MayBeIn(piece))
            return [(piece, null, TextWrap.Columns(piece))];
        return placeholders.Read(piece, _ => Place.Text).Where(part => part.Tag is not null || part.Text.Length > 0)
            .Select(part => part.Tag is { } tag ? (placeholders.Pattern.Match(piece, part.Offset).Value, tag.Kind, Columns(tag)) : (part.Text, (TagKind?)null, TextWrap.Columns(part.Text)));
    }

    private int Columns(Tag tag) => tag switch
    {
        { Kind: not TagKind.Output } => 0,
        _ when constants.Knows(tag.Name) => TextWrap.Columns(constants.Find(tag.Name) is { Length: > 0 } value ? value : tag.Default),
        _ => Math.Max(TextWrap.Columns(tag.Default), Usual(tag.Name)),
    };

    private static int Usual(string name) => name switch
    {
        "subscriber.name" => Name,
        "subscriber.email" => Address,
        _ when name.EndsWith("_url", StringComparison.Ordinal) => Link,
        _ => Field,
    };
}
