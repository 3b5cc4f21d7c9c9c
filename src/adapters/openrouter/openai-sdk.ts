/** The part of OpenAI's library that is used, loaded with the first question. */
export { OpenAI } from "openai";
