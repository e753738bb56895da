using Gossip.Tests;

namespace Gossip.Host.Tests.Configuration.Hocon;

/// <summary>Does every mistake say where it is, what was found and what to do?</summary>
[Row("F1")]
public sealed class ErrorTests
{
    [Theory]
    [InlineData("a = [1,2,3,,]", "f:1:12: Two commas with nothing between; remove one.")]
    [InlineData("a = [,1]", "f:1:6: A value is missing after '[', before ','")]
    [InlineData("a = [1,,2]", "f:1:8: Two commas")]
    [InlineData("{a=1,,b=2}", "f:1:6: Two commas")]
    [InlineData("{,a=1}", "f:1:2: Expected a key, found ','.")]
    [InlineData("{ a = 1", "f:1:1: '{' is never closed; add '}'.")]
    [InlineData("a = 1 }", "f:1:7: '}' closes nothing; remove it.")]
    [InlineData("{ a = 1 } }", "f:1:11: Expected the end of the file")]
    [InlineData("a { b = 1\nc = 2", "f:1:3: '{' is never closed")]
    [InlineData("a = [1\nb = 2", "f:2:3: '=' inside a value needs quotes")]
    [InlineData("a = [1", "f:1:5: '[' is never closed; add ']'.")]
    [InlineData("a = ]", "f:1:5: A value is missing after '=', before ']'")]
    [InlineData("a =", "f:1:4: A value is missing after '=', before the end of the file")]
    [InlineData("a =\nb = 1", "f:1:3: A value is missing after '='")]
    [InlineData("a", "f:1:2: Expected '=', ':' or '{' after 'a', found the end of the file.")]
    [InlineData("a\nb = 1", "f:1:1: Expected '=', ':' or '{' after 'a', found the end of the")]
    [InlineData("= 1", "f:1:1: Expected a key, found '='.")]
    [InlineData("a..b = 1", "f:1:1: A dot with nothing before or after it")]
    [InlineData(".a = 1", "f:1:1: A dot with nothing before or after it")]
    [InlineData("a. = 1", "f:1:1: A dot with nothing before or after it")]
    [InlineData("${a} = 1", "f:1:1: A substitution cannot be part of a key")]
    [InlineData("a = ${b", "f:1:8: Expected '}' at the end of '${b', found the end of the file.")]
    [InlineData("a = ${}", "f:1:7: Expected a key, found '}'.")]
    [InlineData("a = ${ ?b}", "f:1:8: '?' cannot stand outside quotes")]
    [InlineData("a = ${b${c}}", "f:1:8: Expected '}'")]
    [InlineData("a = $b", "f:1:5: '$' begins a substitution")]
    [InlineData("a = x@y", "f:1:6: '@' cannot stand outside quotes; write the text as \"…\".")]
    [InlineData("a = 127.0.0.1:1", "f:1:14: ':' inside a value needs quotes")]
    [InlineData("a = \"x", "f:1:5: This string is not closed in its line")]
    [InlineData("a = \"x\ny\"", "f:1:5: This string is not closed in its line")]
    [InlineData("a = \"\"\"x", "f:1:5: This string is never closed; add \"\"\"")]
    [InlineData("a = \"\\q\"", "f:1:6: Unknown escape; there are")]
    [InlineData("a = \"\\u12g4\"", "f:1:6: Unknown escape; there are")]
    [InlineData("a = \"x\ty\"", "f:1:7: A control character (U+0009) inside quotes")]
    [InlineData("a = [1] x", "f:1:8: a text beside a list; only equal kinds can be joined.")]
    [InlineData("a = {} []", "f:1:8: a list beside an object")]
    [InlineData("[1]", "f:1:1: The file is a list; expected settings, KEY = VALUE.")]
    public void A_mistake_is_named_with_its_place_and_what_to_do(string text, string expected) =>
        Assert.Contains(Hocon.Read(text).Errors, e =>
            e.StartsWith(expected, StringComparison.Ordinal));

    [Fact]
    public void One_mistake_does_not_hide_the_next_nor_what_is_right()
    {
        var (json, errors) = Hocon.Read("""
            a = @
            good { x = 1 }
            b = [1, $, 2
              3]
            c { d = "unclosed
              e = [ } ]
              ok = 2
            }
            f = {} 1
            last = 3
            """);
        Assert.Equal(
            ["f:1:5", "f:3:9", "f:5:9", "f:6:7", "f:8:1", "f:9:7"],
            errors.Select(e => e.Split(": ")[0]));
        Assert.Contains("\"good\":{\"x\":1}", json, StringComparison.Ordinal);
        Assert.Contains("\"last\":3", json, StringComparison.Ordinal);
    }
}
