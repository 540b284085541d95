import { offer } from "../desk";
import { zh } from "./zh";

offer(zh);
